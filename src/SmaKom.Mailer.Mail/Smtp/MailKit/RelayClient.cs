using System.Net.Security;
using MailKit;
using MailKit.Net.Smtp;
using MimeKit;

namespace SmaKom.Mailer.Mail.Smtp.MailKit;

/// <summary>MailKit's client, told what our letters ask for: no re-encoding, our certificates' rules, our DSN parameters.</summary>
internal sealed class RelayClient : SmtpClient
{
    private readonly RelayCertificate certificate;

    public RelayClient(RelayDialogue dialogue, RelayCertificate certificate) : base(dialogue)
    {
        this.certificate = certificate;
        DeliveryStatusNotificationType = DeliveryStatusNotificationType.HeadersOnly;
    }

    /// <summary>What the relay has shown, and what is wrong with it.</summary>
    public RelayCertificate Certificate => certificate;

    protected override bool PreferSendAsBinaryData => Capabilities.HasFlag(SmtpCapabilities.Chunking);

    protected override SslClientAuthenticationOptions GetSslClientAuthenticationOptions(string host,
        RemoteCertificateValidationCallback remoteCertificateValidationCallback) =>
        certificate.OptionsFor(this, remoteCertificateValidationCallback);

    // The letter is signed: not a byte of it may be prepared for anything.
    protected override void Prepare(FormatOptions options, MimeMessage message, EncodingConstraint constraint, int maxLineLength) =>
        options.International = false;

    protected override Task<long> GetSizeAsync(FormatOptions options, MimeMessage message, CancellationToken cancellationToken) =>
        Task.FromResult(((SignedLetter)message).Size);

    protected override string? GetEnvelopeId(MimeMessage message) => ((SignedLetter)message).EnvelopeId;

    protected override DeliveryStatusNotification? GetDeliveryStatusNotifications(MimeMessage message, MailboxAddress mailbox) =>
        DeliveryStatusNotification.Failure;
}
