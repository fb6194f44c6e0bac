using Microsoft.Extensions.Options;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Issues.Compose.Pages;
using SmaKom.Mailer.Reports;
using SmaKom.Mailer.Reports.Unknown;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Issues.Pages;

public static class StaffFeature
{
    public static void AddStaff(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<UndoOptions>().BindConfiguration("Schedule").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<UndoOptions>, UndoOptions.Validation>();
        builder.Services.AddSingleton<Phrases>();
        builder.Services.AddSingleton<SendTimeReader>();
        builder.Services.AddSingleton<AudienceCount>();
        builder.Services.AddSingleton<IssuePreview>();
    }

    /// <summary>What is no page; the pages are found by their <c>@page</c>.</summary>
    public static void MapStaff(this WebApplication app)
    {
        var issue = app.MapGroup("/redaktion/nummer/{id:int:min(1)}").RequireAuthorization(StaffPolicy.Editing).RequireFormToken();
        issue.MapGet("/forhandsvisning", IssuePreview.AnswerAsync);
        issue.MapGet("/lage", MailingProgress.OfIssue);
        IssueEndpoints.Map(issue);
        ComposeEndpoints.Map(issue);
        ComposeEndpoints.MapNew(app.MapGroup("/redaktion/nummer").RequireAuthorization(StaffPolicy.Editing).RequireFormToken());
        // What became of single persons' letters is the administrators' to see and to decide on; an editor sees the numbers.
        issue.MapGet("/kvitto.csv", LettersFile.AnswerReceiptAsync).RequireAuthorization(StaffPolicy.Administration);
        issue.MapPost("/ovissa/besluta", UnknownEndpoints.DecideAsync).RequireAuthorization(StaffPolicy.Administration);
    }
}
