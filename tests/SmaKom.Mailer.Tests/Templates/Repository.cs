namespace SmaKom.Mailer.Tests.Templates;

/// <summary>Where the checkout is: the folder of the solution file.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SmaKom.Mailer.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("The tests read samples from the checkout: run them from within it.");
    }
}
