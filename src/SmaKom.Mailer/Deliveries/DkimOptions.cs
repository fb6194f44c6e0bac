using Microsoft.Extensions.Options;
using SmaKom.Mailer.Mail.Dkim;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Deliveries;

/// <summary>The DKIM key (section <c>Dkim</c>). Without one letters go unsigned, which large receivers refuse in bulk.</summary>
public sealed class DkimOptions
{
    /// <summary>Name of the key in DNS: <c>selector._domainkey.domain</c>.</summary>
    public string Selector { get; set; } = "";

    /// <summary>Signing domain; empty = the domain of Sender:Address.</summary>
    public string Domain { get; set; } = "";

    /// <summary>PEM file of the RSA private key, 2048 bits or more; empty = no signature.</summary>
    public string PrivateKeyFile { get; set; } = "";

    /// <summary>Null without a key.</summary>
    /// <exception cref="ArgumentException">The key cannot be used; says why, without key material.</exception>
    public DkimSigner? CreateSigner(string senderDomain) => PrivateKeyFile == "" ? null
        : DkimSigner.FromPem(Domain == "" ? senderDomain : Domain, Selector, File.ReadAllText(PrivateKeyFile));

    internal sealed class Validation : IValidateOptions<DkimOptions>
    {
        public ValidateOptionsResult Validate(string? name, DkimOptions options)
        {
            if (options.PrivateKeyFile == "") return ValidateOptionsResult.Success;
            if (options.Selector == "") return ValidateOptionsResult.Fail(SettingWords.Say("Dkim.Selector"));
            try
            {
                using var signer = options.CreateSigner("example.org");
                return ValidateOptionsResult.Success;
            }
            catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
            {
                return ValidateOptionsResult.Fail(SettingWords.Say("Dkim.PrivateKeyFile", options.PrivateKeyFile, e.Message));
            }
        }
    }
}
