namespace SmaKom.Mailer.Web;

/// <summary>A state or a kind, as it stands in an address or a form.</summary>
internal static class EnumWord
{
    /// <summary>The value of this name, in upper or lower case: neither its number nor a list of names. Null: none has this name.</summary>
    public static T? Find<T>(string? word) where T : struct, Enum =>
        Enum.GetValues<T>().Cast<T?>().FirstOrDefault(value => string.Equals($"{value}", word, StringComparison.OrdinalIgnoreCase));

    /// <summary>As <see cref="Find{T}"/>: a word that nobody knows must not mean all.</summary>
    /// <exception cref="BadHttpRequestException">None has this name.</exception>
    public static T Read<T>(string? word) where T : struct, Enum =>
        Find<T>(word) ?? throw new BadHttpRequestException($"There is no {typeof(T).Name} of this name.");
}
