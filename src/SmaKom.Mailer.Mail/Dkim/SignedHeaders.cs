namespace SmaKom.Mailer.Mail.Dkim;

/// <summary>
/// Which headers a signature covers (RFC 6376 §5.4). An oversigned one is named once more than it occurs, so that nobody can add
/// a second Subject, From or List-Id in front and keep the signature valid (§8.15).
/// </summary>
internal static class SignedHeaders
{
    public static readonly (string Name, bool Oversigned)[] All =
    [
        ("From", true), ("To", true), ("Subject", true), ("Date", true), ("Message-ID", true), ("Reply-To", true), ("Cc", false),
        ("In-Reply-To", false), ("References", false), ("MIME-Version", true), ("Content-Type", true), ("Content-Transfer-Encoding", true),
        ("List-Id", true), ("List-Unsubscribe", true), ("List-Unsubscribe-Post", true), ("List-Help", false), ("List-Subscribe", false),
        ("List-Owner", false), ("List-Archive", false), ("List-Post", false), ("Feedback-ID", false), ("Precedence", false),
        ("Auto-Submitted", true),
    ];
}
