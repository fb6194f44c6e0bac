namespace SmaKom.Mailer.Staff;

public static class StaffFeature
{
    public static void AddStaff(this IHostApplicationBuilder builder)
    {
    }

    public static void MapStaff(this WebApplication app)
    {
    }
}
