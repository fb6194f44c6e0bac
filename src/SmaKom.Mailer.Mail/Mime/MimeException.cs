namespace SmaKom.Mailer.Mail.Mime;

/// <summary>
/// Something that cannot be put in a letter. <see cref="Field"/> says where ("To", "List-Id", "slot Name"), <see cref="Problem"/> what is wrong.
/// </summary>
public sealed class MimeException(string field, string problem, Exception? inner = null)
    : Exception($"{field}: {problem}", inner)
{
    public string Field { get; } = field;

    public string Problem { get; } = problem;
}
