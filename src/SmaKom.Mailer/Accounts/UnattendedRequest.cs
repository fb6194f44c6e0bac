namespace SmaKom.Mailer.Accounts;

/// <summary>Metadata of an endpoint that open pages ask by themselves: a session is not in use because of it.</summary>
public sealed record UnattendedRequest;
