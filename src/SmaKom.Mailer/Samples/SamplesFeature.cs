namespace SmaKom.Mailer.Samples;

public static class SamplesFeature
{
    public static void AddSamples(this IHostApplicationBuilder builder) => builder.Services.AddScoped<SampleData>();
}
