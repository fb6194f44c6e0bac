using System.Text.RegularExpressions;
using SmaKom.Mailer.Mail.Mime;

namespace SmaKom.Mailer.Tests.Support;

internal static class MailedLink
{
    /// <summary>The path of a link in a mail's text part that begins so; empty: it has none.</summary>
    public static string LinkTo(this FakeRelayMessage message, string path) =>
        Regex.Match(ReceivedMail.Read(message.Bytes).TextBody ?? "", $@"{Regex.Escape(path)}[\w-]+(\?\w+)?").Value;
}
