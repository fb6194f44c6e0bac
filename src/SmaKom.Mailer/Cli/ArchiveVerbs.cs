using System.CommandLine;
using System.Globalization;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Import;
using SmaKom.Mailer.Issues.Pages;

namespace SmaKom.Mailer.Cli;

/// <summary>The verbs about issues that are out: brings old ones into the archive, and says what was wrong in one.</summary>
internal static class ArchiveVerbs
{
    public static Command CreateImport(Terminal terminal)
    {
        var file = new Argument<FileInfo>("file") { Description = terminal.Words["Argument.IssueFile"] };
        var month = new Option<string?>("--month") { Description = terminal.Words["Option.ImportMonth"] };
        var subject = new Option<string?>("--subject") { Description = terminal.Words["Option.ImportSubject"] };
        var language = new Option<string?>("--language") { Description = terminal.Words["Option.ImportLanguage"] };
        language.AcceptOnlyFromAmong("sv", "en");
        var import = new Command("import", terminal.Words["Issues.Import"]) { file, month, subject, language };
        import.SetAction((parsed, ct) => ImportAsync(parsed.GetRequiredValue(file),
            new(ReadMonth(parsed.GetValue(month), terminal), parsed.GetValue(subject), parsed.GetValue(language)), terminal, ct));
        return import;
    }

    public static Command CreateCorrect(Terminal terminal)
    {
        var slug = IssueVerbs.SlugArgument(terminal);
        var sentence = new Argument<string?>("sentence") { Description = terminal.Words["Argument.Correction"], Arity = ArgumentArity.ZeroOrOne };
        var withdraw = new Option<bool>("--withdraw") { Description = terminal.Words["Option.Withdraw"] };
        var correct = new Command("correct", terminal.Words["Issues.Correct"]) { slug, sentence, withdraw };
        correct.SetAction((parsed, ct) => IssueVerbs.WithIssueAsync(parsed.GetRequiredValue(slug), terminal,
            (open, cancel) => CorrectAsync(open, parsed.GetValue(sentence), parsed.GetValue(withdraw), cancel), ct));
        return correct;
    }

    private static async Task<int> ImportAsync(FileInfo file, IssueFileFacts facts, Terminal terminal, CancellationToken ct)
    {
        var bytes = await ReadAsync(file, terminal, ct);
        await using var app = CommandHost.Open(terminal);
        try
        {
            var done = await app.Services.GetRequiredService<IssueImport>().AddAsync(file.Name, bytes, facts, Actor.CommandLine, ct);
            terminal.Say(terminal.Words[done.IsNew ? "IssueImport.Done" : "IssueImport.Before", done.Subject, done.Slug]);
            if (done.PicturesLeftOut > 0) terminal.Say(terminal.Words["IssueImport.PicturesLeftOut", done.PicturesLeftOut]);
            terminal.Data(new { file = file.Name, done.Slug, done.Subject, isNew = done.IsNew, done.Pictures, done.PicturesLeftOut });
            return ExitCode.Done;
        }
        catch (IssueFileException e)
        {
            var why = terminal.Words[$"IssueImport.{e.Fault}", e.Detail].Value;
            return terminal.Fail(ExitCode.BadInput, terminal.Words["IssueImport.Bad", file.Name, why]);
        }
    }

    private static async Task<byte[]> ReadAsync(FileInfo file, Terminal terminal, CancellationToken ct)
    {
        if (!file.Exists) throw new CommandException(ExitCode.BadInput, terminal.Words["File.Missing", file.FullName]);
        // What is far too large is not read to be told so.
        if (file.Length > IssueFile.Heaviest) return new byte[IssueFile.Heaviest + 1];
        try
        {
            return await File.ReadAllBytesAsync(file.FullName, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.BadInput, terminal.Words["File.Unreadable", file.FullName, e.Message]);
        }
    }

    private static (int, int)? ReadMonth(string? written, Terminal terminal) =>
        written is null ? null
        : DateTime.TryParseExact(written, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month)
            && month.Year is >= 2000 and <= 2999
            ? (month.Year, month.Month)
            : throw new CommandException(ExitCode.BadInput, terminal.Words["IssueImport.BadMonth", written]);

    private static async Task<int> CorrectAsync(OpenIssue open, string? sentence, bool withdraw, CancellationToken ct)
    {
        var corrections = open.Get<IssueCorrections>();
        var answer = withdraw
            ? await corrections.WithdrawAsync(open.Issue.Id, Actor.CommandLine, ct)
            : await corrections.CorrectAsync(open.Issue.Id, sentence ?? "", Actor.CommandLine, ct);
        switch (answer)
        {
            case CorrectionAnswer.NoSentence:
                return open.Terminal.Fail(ExitCode.BadInput, open.Terminal.Words["Correction.NoSentence", open.Issue.Slug, IssueCorrections.Longest]);
            case CorrectionAnswer.NotSent or CorrectionAnswer.NoSuchIssue:
                return open.Terminal.Fail(ExitCode.Refused,
                    open.Terminal.Words["Issue.WrongState", open.Issue.Slug, open.Get<Phrases>().Is(open.Issue.State)]);
        }

        open.Terminal.Say(open.Terminal.Words[withdraw ? "Correction.Withdrawn" : "Correction.Done", open.Issue.Slug]);
        open.Terminal.Data(new { done = true });
        return ExitCode.Done;
    }
}
