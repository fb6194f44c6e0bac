using SmaKom.Mailer.Hosting;

namespace SmaKom.Mailer.Schedule;

public static class ScheduleFeature
{
    public static void AddSchedule(this IHostApplicationBuilder builder, RoleOptions roles)
    {
    }
}
