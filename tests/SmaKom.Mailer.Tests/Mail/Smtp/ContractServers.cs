using System.Text;
using SmaKom.Mailer.Mail.Smtp.Receiver;
using SmaKom.Mailer.Tests.Support;
using SmaKom.Mailer.Tests.Support.MailServers;

namespace SmaKom.Mailer.Tests.Mail.Smtp;

/// <summary>What the contract asks of a server, real or ours.</summary>
internal interface IContractServer : IAsyncDisposable
{
    int Port { get; }

    int ExpiredPort { get; }

    int WrongNamePort { get; }

    string RefusedRecipient => "refused@example.org";

    MailServer? Server => null;

    /// <summary>All letters so far that hold the marker; waits until there are so many.</summary>
    Task<IReadOnlyList<byte[]>> LettersAsync(string marker, int count);
}

internal static class ContractServers
{
    public static async Task<Dictionary<string, IContractServer>> StartAsync(FakeRelayCertificates certificates)
    {
        (string Name, MailServer Server)[] real =
            [("Postfix", new PostfixServer()), ("Exim", new EximServer()), ("OpenSMTPD", new OpenSmtpdServer()), ("smtp-sink", new SmtpSink())];
        try
        {
            await Task.WhenAll(real.Select(r => r.Server.StartAsync(r.Server is PostfixServer or EximServer ? certificates : null)));
        }
        catch
        {
            foreach (var (_, server) in real)
                await server.DisposeAsync();
            throw;
        }
        var servers = real.ToDictionary(r => r.Name, r => (IContractServer)new Real(r.Server));
        servers["FakeRelay"] = new Fake(certificates);
        servers["Receiver"] = new Ours(certificates);
        return servers;
    }

    private static IReadOnlyList<byte[]> With(string marker, IEnumerable<byte[]> letters) =>
        [.. letters.Where(l => Encoding.UTF8.GetString(l).Contains(marker, StringComparison.Ordinal))];

    private sealed class Real(MailServer server) : IContractServer
    {
        public MailServer Server => server;

        public int Port => server.Port;

        public int ExpiredPort => server.ExpiredPort;

        public int WrongNamePort => server.WrongNamePort;

        public Task<IReadOnlyList<byte[]>> LettersAsync(string marker, int count) => server.LettersAsync(marker, count);

        public ValueTask DisposeAsync() => server.DisposeAsync();
    }

    private sealed class Fake(FakeRelayCertificates certificates) : IContractServer
    {
        private readonly FakeRelay good = Relay(certificates.Good());
        private readonly FakeRelay expired = Relay(certificates.Expired());
        private readonly FakeRelay wrongName = Relay(certificates.WrongName());

        public int Port => good.Port;

        public int ExpiredPort => expired.Port;

        public int WrongNamePort => wrongName.Port;

        public string RefusedRecipient => "permfail@example.org";

        public Task<IReadOnlyList<byte[]>> LettersAsync(string marker, int count) =>
            Task.FromResult(With(marker, good.Messages.Select(m => m.Bytes)));

        public async ValueTask DisposeAsync()
        {
            await good.DisposeAsync();
            await expired.DisposeAsync();
            await wrongName.DisposeAsync();
        }

        private static FakeRelay Relay(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate) =>
            new(new() { Certificate = certificate, Username = MailServer.Username, Password = MailServer.Password });
    }

    private sealed class Ours(FakeRelayCertificates certificates) : IContractServer
    {
        private readonly ReceiverHost good = Host(certificates.Good());
        private readonly ReceiverHost expired = Host(certificates.Expired());
        private readonly ReceiverHost wrongName = Host(certificates.WrongName());

        public int Port => good.Port;

        public int ExpiredPort => expired.Port;

        public int WrongNamePort => wrongName.Port;

        public Task<IReadOnlyList<byte[]>> LettersAsync(string marker, int count) =>
            Task.FromResult(With(marker, good.Messages.Select(m => m.Bytes.ToArray())));

        public async ValueTask DisposeAsync()
        {
            await good.DisposeAsync();
            await expired.DisposeAsync();
            await wrongName.DisposeAsync();
        }

        private static ReceiverHost Host(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate) => new(
            new SmtpReceiverOptions
            {
                Certificate = certificate,
                Authenticate = (user, password, _) => new(user == MailServer.Username && password == MailServer.Password),
            },
            envelope => envelope.Recipient.StartsWith("refused", StringComparison.Ordinal) ? new(550, new(5, 1, 1), "no such user") : null);
    }
}
