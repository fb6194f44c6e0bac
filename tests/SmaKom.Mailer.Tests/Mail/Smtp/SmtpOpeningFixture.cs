using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Mail.Smtp;

/// <summary>A relay with TLS and a login, for what happens before the first letter.</summary>
public abstract class SmtpOpeningFixture(SmtpClientKind client)
{
    protected const string Secret = "hemligt lösen";
    private FakeRelayCertificates certificates = null!;

    protected SmtpClientKind Client => client;

    [OneTimeSetUp]
    public void MakeCertificates() => certificates = new FakeRelayCertificates(TimeProvider.System.GetUtcNow());

    [OneTimeTearDown]
    public void Forget() => certificates.Dispose();

    protected FakeRelayOptions Secure() => new() { Certificate = certificates.Good(), Username = "utskick", Password = Secret };

    protected RelayEndpoint Login(FakeRelay relay) => Given.Endpoint(relay) with
    {
        Tls = TlsMode.StartTls,
        TrustedRoots = certificates.Roots,
        Username = "utskick",
        Password = Secret,
    };

    protected async Task<RelayException> FailureAsync(RelayEndpoint endpoint)
    {
        try
        {
            await (await Given.Transport(Client).ConnectAsync(endpoint, default)).DisposeAsync();
        }
        catch (RelayException e)
        {
            return e;
        }

        throw new AssertionException("The relay did not fail");
    }
}
