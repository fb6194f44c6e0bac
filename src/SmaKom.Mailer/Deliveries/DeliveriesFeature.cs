using Microsoft.Extensions.Options;
using SmaKom.Mailer.Deliveries.Brake;
using SmaKom.Mailer.Deliveries.Decisions;
using SmaKom.Mailer.Deliveries.Dispatch;
using SmaKom.Mailer.Deliveries.Limits;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Deliveries;

public static class DeliveriesFeature
{
    public static void AddDeliveries(this IHostApplicationBuilder builder, RoleOptions roles)
    {
        builder.Services.AddOptions<DispatchOptions>().BindConfiguration("Dispatch").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<DispatchOptions>, DispatchOptions.Validation>();
        builder.Services.AddOptions<BrakeOptions>().BindConfiguration("Brake").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<BrakeOptions>, BrakeOptions.Validation>();
        builder.Services.AddSingleton<IssueBrake>();
        builder.Services.AddOptions<DkimOptions>().BindConfiguration("Dkim").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<DkimOptions>, DkimOptions.Validation>();
        builder.Services.AddSingleton<Slices>();
        builder.Services.AddSingleton<ExpiredLeases>();
        builder.Services.AddSingleton<Retries>();
        builder.Services.AddSingleton<UnknownDeliveries>();
        builder.Services.AddSingleton<UnknownPolicy>();
        builder.Services.AddSingleton<RetrySchedule>();
        builder.Services.AddSingleton<LetterWriter>();
        builder.Services.AddSingleton<ReceiverBackoff>();
        builder.Services.AddSingleton<Permits>();
        builder.Services.AddSingleton<Handover>();
        builder.Services.AddSingleton<RateLimits>();
        builder.Services.AddSingleton<Recorder>();
        builder.Services.AddSingleton<WorkSignal>();
        builder.Services.AddSingleton<DeliveryFeed>();
        builder.Services.AddSingleton<ICheck, DispatchChecks>();
        builder.Services.AddSingleton<ICheck, LimitChecks>();
        if (!roles.Worker) return;
        builder.Services.AddHostedService<Dispatcher>();
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<DispatchOptions>>(
            (host, dispatch) => host.ShutdownTimeout = dispatch.Value.DrainTimeout + TimeSpan.FromSeconds(15));
    }
}
