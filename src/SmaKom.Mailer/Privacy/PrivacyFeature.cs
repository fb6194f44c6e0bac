using Microsoft.Extensions.Options;
using SmaKom.Mailer.Privacy.Erasure;
using SmaKom.Mailer.Privacy.MyData;
using SmaKom.Mailer.Privacy.Register;
using SmaKom.Mailer.Privacy.Requests;
using SmaKom.Mailer.Privacy.Retention;

namespace SmaKom.Mailer.Privacy;

public static class PrivacyFeature
{
    public static void AddPrivacy(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<RetentionOptions>().BindConfiguration("Retention").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<RetentionOptions>, RetentionOptions.Validation>();
        builder.Services.AddOptions<PrivacyOptions>().BindConfiguration("Privacy").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<PrivacyOptions>, PrivacyOptions.Validation>();
        builder.Services.AddSingleton<RegisterFacts>();
        builder.Services.AddSingleton<RetentionBoard>();
        builder.Services.AddSingleton<Erasures>();
        builder.Services.AddSingleton<MyDataReader>();
        builder.Services.AddSingleton<MyDataVisits>();
    }

    public static void MapPrivacy(this WebApplication app)
    {
        app.MapMyData();
        app.MapDataRequests();
    }
}
