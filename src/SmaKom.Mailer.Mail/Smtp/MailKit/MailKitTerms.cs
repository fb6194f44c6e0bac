using System.Net.Security;
using System.Text;
using MailKit;
using MailKit.Security;

namespace SmaKom.Mailer.Mail.Smtp.MailKit;

/// <summary>What our settings are called by MailKit, whichever protocol it speaks.</summary>
internal static class MailKitTerms
{
    public static SecureSocketOptions Of(TlsMode tls) => tls switch
    {
        TlsMode.Implicit => SecureSocketOptions.SslOnConnect,
        TlsMode.StartTls => SecureSocketOptions.StartTls,
        TlsMode.StartTlsWhenOffered => SecureSocketOptions.StartTlsWhenAvailable,
        _ => SecureSocketOptions.None,
    };

    /// <param name="chosen">Of those that the server offers, not <see cref="AuthMechanism.Auto"/>.</param>
    public static SaslMechanism Of(AuthMechanism chosen, string user, string password) => chosen switch
    {
        AuthMechanism.ScramSha256 => new SaslMechanismScramSha256(user, password),
        AuthMechanism.Plain => new SaslMechanismPlain(Encoding.UTF8, user, password),
        AuthMechanism.XOAuth2 => new SaslMechanismOAuth2(user, password),
        _ => new SaslMechanismLogin(Encoding.UTF8, user, password),
    };

    /// <summary>Our rules for certificates. MailKit insists on being asked first (<paramref name="first"/>), and asks us then.</summary>
    public static SslClientAuthenticationOptions OptionsFor(this RelayCertificate certificate, IMailService client,
        RemoteCertificateValidationCallback first)
    {
        var options = certificate.Options();
        client.ServerCertificateValidationCallback = options.RemoteCertificateValidationCallback;
        options.RemoteCertificateValidationCallback = first;
        return options;
    }
}
