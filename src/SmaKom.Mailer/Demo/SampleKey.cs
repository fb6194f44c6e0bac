using System.Security.Cryptography;

namespace SmaKom.Mailer.Demo;

/// <summary>A DKIM key of a sample run's own, made at the first run, so that its letters are signed as real ones are.</summary>
public static class SampleKey
{
    public const string Selector = "prov";

    /// <summary>Path of the key's PEM file, readable by its owner only.</summary>
    public static string Ensure(string folder)
    {
        var path = Path.Combine(Path.GetFullPath(folder), "dkim.pem");
        if (File.Exists(path)) return path;
        using var key = RSA.Create(2048);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new StreamWriter(path, options);
        file.Write(key.ExportPkcs8PrivateKeyPem());
        return path;
    }
}
