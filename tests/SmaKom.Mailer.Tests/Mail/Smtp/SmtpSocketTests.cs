using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Mail.Smtp;

/// <summary>The socket that each client opens, as the kernel has it.</summary>
[TestFixture(SmtpClientKind.MailKit)]
[TestFixture(SmtpClientKind.Pipelined)]
public sealed class SmtpSocketTests(SmtpClientKind client)
{
    [Test]
    public async Task Nothing_waits_to_fill_a_packet()
    {
        await using var relay = new FakeRelay();
        await using var connection = await Given.Transport(client).ConnectAsync(Given.Endpoint(relay), default);
        var sent = await connection.SendAsync(Given.Letter("anna@example.org"), Given.Yes, null, default);

        Assert.That(sent.Status, Is.EqualTo(SendStatus.Accepted));
        Assert.That(NoDelayOfThoseConnectedTo(relay.Port), Is.EqualTo(new[] { true }),
            "a client that waits for delayed acknowledgements sends 25 letters a second");
    }

    // Whoever made the socket, and whatever it is wrapped in. The kernel is asked, since a Socket of .NET's over the same file
    // would shut it down when it goes, and among the files are those of other tests.
    private static bool[] NoDelayOfThoseConnectedTo(int port) =>
        [.. Directory.GetFiles("/proc/self/fd").Select(file => int.Parse(Path.GetFileName(file), CultureInfo.InvariantCulture))
            .Where(file => PeerPort(file) == port).Select(NoDelay)];

    private static int? PeerPort(int file)
    {
        const int ipv4 = 2, ipv6 = 10;
        var address = new byte[128];
        var length = address.Length;
        return getpeername(file, address, ref length) == 0
            && address[0] is ipv4 or ipv6 ? BinaryPrimitives.ReadUInt16BigEndian(address.AsSpan(2)) : null;
    }

    private static bool NoDelay(int file)
    {
        const int tcp = 6, noDelay = 1;
        var length = sizeof(int);
        Assert.That(getsockopt(file, tcp, noDelay, out var value, ref length), Is.Zero);
        return value != 0;
    }

    [DllImport("libc")]
    private static extern int getpeername(int socket, [Out] byte[] address, ref int length);

    [DllImport("libc")]
    private static extern int getsockopt(int socket, int level, int option, out int value, ref int length);
}
