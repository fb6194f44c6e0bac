namespace SmaKom.Mailer.Templates;

/// <summary>The stylesheet of the fragment that <see cref="LetterRenderer.RenderWebBodyAsync"/> gives; serve it as letter.css.</summary>
public static class LetterCss
{
    public static string For(Theme theme) => $".letter{{color:{theme.Light.Ink}}}\n";
}
