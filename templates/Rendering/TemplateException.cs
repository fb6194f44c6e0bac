namespace SmaKom.Mailer.Templates.Rendering;

public enum TemplateFaultKind
{
    /// <summary>The folder that a setting names is not there.</summary>
    NoFolder,

    /// <summary>A file of the program itself is not there.</summary>
    Missing,

    /// <summary>The system's words why.</summary>
    Unreadable,

    /// <summary>A file whose name no template has: it would never be used.</summary>
    UnknownName,

    /// <summary>The file is not written for the model that its template is given; the message names the line it must begin with.</summary>
    WrongModel,

    /// <summary>The compiler's words.</summary>
    Compiler,

    /// <summary>It compiles, and breaks when the specimen letter is rendered.</summary>
    Trial,
}

/// <summary>What is wrong with one file.</summary>
/// <param name="Line">Counted from 1; 0 where no line is to blame.</param>
public sealed record TemplateFault(TemplateFaultKind Kind, string File, int Line, string Message)
{
    /// <summary>As compilers write it, so that editors find the place.</summary>
    public string Place => Line > 0 ? $"{File}({Line})" : File;
}

/// <summary>Templates that cannot be used. RazorLight's own exceptions name no file, and count lines from 0.</summary>
public sealed class TemplateException(IReadOnlyList<TemplateFault> faults)
    : Exception(string.Join('\n', faults.Select(fault => $"{fault.Place}: {fault.Kind} {fault.Message}")))
{
    public IReadOnlyList<TemplateFault> Faults { get; } = faults;
}
