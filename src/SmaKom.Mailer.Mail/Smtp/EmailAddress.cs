namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>A mail address by the one rule (<see cref="AddressRule"/>), with the key that makes it unique.</summary>
public sealed record EmailAddress
{
    /// <summary>As written (NFC), without what is around it.</summary>
    public string Text { get; }

    /// <summary>Lower case, domain as A-label. Two addresses with the same key are the same person.</summary>
    public string Key { get; }

    /// <summary>The domain as lower-case A-label.</summary>
    public string Domain { get; }

    private EmailAddress(string text, ReadOnlySpan<char> local, string domain)
    {
        Text = text;
        Domain = domain.ToLowerInvariant();
        Key = $"{local.ToString().ToLowerInvariant()}@{Domain}";
    }

    /// <summary>False if <paramref name="input"/> is not an address.</summary>
    /// <param name="problem">Then names a text resource of <c>EmailAddress.*</c>; what its text names stands after a space.</param>
    public static bool TryParse(string? input, out EmailAddress address, out string problem)
    {
        var text = UnicodeText.TrimBlank(input ?? "");
        // What is no character cannot be normalized.
        if (UnicodeText.FirstUnseen(text) is null) text = text.Normalize();
        address = AddressRule.TryRead(text, out var local, out var domain, out problem) ? new(text, local, domain) : null!;
        return problem == "";
    }

    /// <summary>The address, or a <see cref="FormatException"/> naming what is wrong: for input that was checked before.</summary>
    public static EmailAddress Parse(string input) =>
        TryParse(input, out var address, out var problem) ? address : throw new FormatException(problem);
}
