using System.Text;

namespace SmaKom.Mailer.Mail.Smtp.Receiver;

/// <summary>AUTH PLAIN and LOGIN, the receiver's side (RFC 4954 §4).</summary>
internal sealed class ReceiverAuthentication(ReceiverWire wire, Func<string, string, CancellationToken, ValueTask<bool>> authenticate)
{
    public string? User { get; private set; }

    public async ValueTask<SmtpReply> RunAsync(string argument, CancellationToken ct)
    {
        var words = argument.Split(' ', 2);
        try
        {
            switch (words[0].ToUpperInvariant())
            {
                case "PLAIN":
                    var parts = (await TextAsync(words.ElementAtOrDefault(1), "")).Split('\0');
                    return parts.Length == 3 ? await DecideAsync(parts[1], parts[2], ct) : Malformed;
                case "LOGIN":
                    var user = await TextAsync(words.ElementAtOrDefault(1), "Username:");
                    return await DecideAsync(user, await TextAsync(null, "Password:"), ct);
                default:
                    return new(504, new(5, 5, 4), "PLAIN or LOGIN");
            }
        }
        catch (FormatException)
        {
            return Malformed;
        }
    }

    private static SmtpReply Malformed => new(501, new(5, 5, 2), "not what AUTH expects");

    private async ValueTask<string> TextAsync(string? initial, string prompt)
    {
        if (initial is null)
        {
            wire.Reply(new(334, null, Convert.ToBase64String(Encoding.UTF8.GetBytes(prompt))));
            initial = await wire.ReadLineAsync() ?? throw new FormatException();
        }
        // "*" cancels, and is not base64.
        return Encoding.UTF8.GetString(Convert.FromBase64String(initial == "=" ? "" : initial));
    }

    private async ValueTask<SmtpReply> DecideAsync(string user, string password, CancellationToken ct)
    {
        if (!await authenticate(user, password, ct))
            return new(535, new(5, 7, 8), "name or password not right");
        User = user;
        return new(235, new(2, 7, 0), "welcome");
    }
}
