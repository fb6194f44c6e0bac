using Microsoft.Extensions.Options;
using SmaKom.Mailer.Issues.Compose.Pages;
using SmaKom.Mailer.Issues.Media;
using SmaKom.Mailer.Issues.People;

namespace SmaKom.Mailer.Issues.Compose;

public static class ComposeFeature
{
    public static void AddCompose(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ComposeOptions>().BindConfiguration("Compose").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ComposeOptions>, ComposeOptions.Validation>();
        builder.Services.AddSingleton<DraftStore>();
        builder.Services.AddSingleton<Revisions>();
        builder.Services.AddSingleton<DraftCommands>();
        builder.Services.AddSingleton<IssueDrafts>();
        builder.Services.AddSingleton<TestLetters>();
        builder.Services.AddSingleton<Presence>();
        builder.Services.AddSingleton<PresenceNews>();
        builder.Services.AddSingleton<PartNames>();
        builder.Services.AddSingleton<MediaLibrary>();
        builder.Services.AddSingleton<PeopleCommands>();
    }
}
