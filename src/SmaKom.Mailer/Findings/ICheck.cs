namespace SmaKom.Mailer.Findings;

/// <summary>Looks at one part of the installation. Reads only.</summary>
public interface ICheck
{
    Task<IReadOnlyList<Finding>> LookAsync(CancellationToken ct);
}
