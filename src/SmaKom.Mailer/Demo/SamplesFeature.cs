namespace SmaKom.Mailer.Demo;

public static class SamplesFeature
{
    public static void AddSamples(this IHostApplicationBuilder builder) => builder.Services.AddScoped<SampleData>();
}
