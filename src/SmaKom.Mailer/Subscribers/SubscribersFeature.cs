using Microsoft.Extensions.Options;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Subscribers.Import;
using SmaKom.Mailer.Subscribers.Lists;
using SmaKom.Mailer.Subscribers.MailedLinks;
using SmaKom.Mailer.Subscribers.SignUp;
using SmaKom.Mailer.Subscribers.SignUp.Embed;
using SmaKom.Mailer.Subscribers.Unseen;

namespace SmaKom.Mailer.Subscribers;

public static class SubscribersFeature
{
    public static void AddSubscribers(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<SignUpOptions>().BindConfiguration("SignUp").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SignUpOptions>, SignUpOptions.Validation>();
        builder.Services.AddSingleton<NetworkHash>();
        builder.Services.AddSingleton<FormClock>();
        builder.Services.AddSingleton<ConsentWording>();
        builder.Services.AddSingleton<SignUpIntake>();
        builder.Services.AddSingleton<SignUps>();
        builder.Services.AddSingleton<EmbedCode>();
        builder.Services.AddSingleton<SignUpDecisions>();
        builder.Services.AddSingleton<Confirmations>();
        builder.Services.AddSingleton<MailingLists>();
        builder.Services.AddSingleton<ListCommands>();
        builder.Services.AddSingleton<FormLimits>();
        builder.Services.AddSingleton<LinkRequests>();
        builder.Services.AddSingleton<LinkDecisions>();
        builder.Services.AddSingleton<SubscriberImport>();
        builder.Services.AddSingleton<SubscriberExport>();
        builder.Services.AddSingleton<AddressMending>();
        builder.Services.AddSingleton<ByMunicipality>();
        builder.Services.AddSingleton<ICheck, UnseenInAddresses>();
    }
}
