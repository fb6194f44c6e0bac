using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests;

/// <summary>Stops the shared PostgreSQL when the run is over. Stands in the root namespace, so that it covers every test.</summary>
[SetUpFixture]
public sealed class SharedServer
{
    [OneTimeTearDown]
    public void Stop() => TestDatabase.Stop();
}
