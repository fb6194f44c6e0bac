namespace SmaKom.Mailer.Templates;

/// <summary>Who sends: what the footer owes its readers (marknadsföringslagen § 20).</summary>
public sealed record SenderIdentity
{
    public required string Organisation { get; init; }

    /// <summary>One line: street, postcode, town.</summary>
    public required string PostalAddress { get; init; }

    /// <summary>Takes replies.</summary>
    public required string Email { get; init; }

    public string? Phone { get; init; }

    /// <summary>Absolute web address of the organisation's own site.</summary>
    public required string Site { get; init; }

    /// <summary>Swedish organisationsnummer or the like, shown after the address.</summary>
    public string? RegistrationNumber { get; init; }
}
