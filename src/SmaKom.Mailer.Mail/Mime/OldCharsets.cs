using System.Runtime.CompilerServices;
using System.Text;

namespace SmaKom.Mailer.Mail.Mime;

internal static class OldCharsets
{
    // MimeKit looks once, at its own first use, and reads as Latin-1 what is not there by then: nothing of ours may come before.
#pragma warning disable CA2255
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
}
