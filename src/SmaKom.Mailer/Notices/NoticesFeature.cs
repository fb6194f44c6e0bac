using SmaKom.Mailer.Hosting;

namespace SmaKom.Mailer.Notices;

public static class NoticesFeature
{
    public static void AddNotices(this IHostApplicationBuilder builder, RoleOptions roles)
    {
    }
}
