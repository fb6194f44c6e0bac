using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Timelines;

/// <summary>To find a person by address; the timeline's own page is found by its <c>@page</c>.</summary>
internal static class TimelineEndpoints
{
    public static void MapTimelines(this WebApplication app)
    {
        var people = app.AdminGroup("/admin/mottagare");
        people.MapGet("", () => PageResult.Of<FindPage>());
        people.MapPost("", PersonSearch.AnswerAsync);
    }
}
