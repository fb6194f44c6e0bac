namespace SmaKom.Mailer.Templates;

/// <summary>
/// The stylesheet of the fragment that <see cref="LetterRenderer.RenderWebBodyAsync"/> gives; serve it as letter.css.
/// Everything is under .letter, so it leaves the page around it alone.
/// </summary>
public static class LetterCss
{
    public static string For(Theme theme) => $$"""
        .letter{
        {{Variables(theme.Light)}}
        }
        @media (prefers-color-scheme:dark){.letter{
        {{Variables(theme.Dark)}}
        }
        }
        .letter{max-width:44rem;margin:0 auto;color:var(--letter-ink);font-family:system-ui,sans-serif;font-size:1.0625rem;line-height:1.6;overflow-wrap:anywhere}
        .letter *,.letter *::before{box-sizing:border-box}
        .letter h1,.letter h2,.letter h3,.letter-leaf b{font-family:{{theme.HeadingFont}};line-height:1.25;text-wrap:balance}
        .letter h1{font-size:clamp(1.75rem,1.3rem + 2.2vw,2.5rem);margin:0 0 .5rem}
        .letter h2.letter-heading{font-size:1.625rem;font-variant:small-caps;letter-spacing:.04em;color:var(--letter-accent);margin:0 0 1.25rem;scroll-margin-top:1rem}
        .letter h2.letter-heading::before{content:"";display:block;width:3rem;height:3px;background:var(--letter-accent);margin-bottom:.75rem}
        .letter h2,.letter h3{font-size:1.5rem;margin:0 0 .5rem}
        .letter :is(.letter-tips,.letter-event,.letter-box) :is(h2,h3){font-size:1.3125rem}
        .letter .letter-text h2~h3,.letter h4{font-size:1.0625rem;margin:1.25rem 0 .25rem}
        .letter p,.letter ul,.letter ol{margin:0 0 .75rem}
        .letter ul,.letter ol{padding-left:1.5rem}
        .letter li{margin-bottom:.25rem}
        .letter blockquote{margin:1.25rem 0;padding-left:1rem;border-left:3px solid var(--letter-accent);font-style:italic}
        .letter a{color:var(--letter-accent);text-underline-offset:.15em}
        .letter a:focus-visible{outline:3px solid var(--letter-accent);outline-offset:3px;border-radius:2px}
        .letter img{display:block;max-width:100%;height:auto;border-radius:6px;background:var(--letter-accent-soft)}
        .letter figure{margin:0 0 1rem}
        .letter figcaption,.letter-month,.letter-kicker,.letter-place,.letter-signature span,.letter-footer{color:var(--letter-muted)}
        .letter figcaption,.letter-kicker,.letter-month{font-size:.9375rem}
        .letter figcaption{margin-top:.5rem}
        .letter .letter-month,.letter .letter-kicker{font-weight:600;margin-bottom:.25rem}
        .letter-preheader{font-size:1.25rem;line-height:1.5;color:var(--letter-muted)}
        .letter .letter-lead{margin:1.5rem 0}
        .letter .letter-contents ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:.75rem 0;margin:0;border-top:1px solid var(--letter-line);border-bottom:1px solid var(--letter-line)}
        .letter .letter-contents li{margin:0}
        .letter-contents a{display:inline-block;padding:.25rem 0}
        .letter-section{margin-top:3rem}
        .letter-section>*+.letter-article,.letter-section>*+.letter-tips{margin-top:2rem}
        .letter-article+.letter-article:not(.letter-box),.letter-tips+.letter-tips,.letter-article+.letter-tips{border-top:1px solid var(--letter-line);padding-top:2rem}
        .letter-tips>.letter-article+.letter-article{border-top:0;padding-top:0;margin-top:0}
        .letter-box+.letter-article:not(.letter-box),.letter-box+.letter-tips{border-top:0;padding-top:0}
        .letter-event+.letter-event:not(.letter-box){margin-top:1.25rem;padding-top:1.25rem}
        .letter .letter-text>:last-child{margin-bottom:0}
        .letter-box{background:var(--letter-accent-soft);border-radius:6px;padding:1.5rem}
        .letter-beside,.letter-tips{display:grid;grid-template-columns:minmax(0,1fr);gap:1rem 1.5rem}
        .letter .letter-beside>figure{margin:0}
        .letter .letter-beside>figure img{width:100%}
        .letter-signature{display:flex;gap:1rem;align-items:center;margin:1rem 0}
        .letter .letter-signature p{margin:0}
        .letter .letter-signature img{border-radius:50%;width:72px;height:72px;flex:none}
        .letter-call{font-weight:600}
        .letter .letter-button{display:inline-block;background:var(--letter-accent);color:var(--letter-surface);font-weight:600;text-decoration:none;padding:.6875rem 1.5rem;min-height:2.75rem;border-radius:6px}
        .letter .letter-button:hover{text-decoration:underline}
        .letter-event{display:grid;grid-template-columns:4.75rem minmax(0,1fr);gap:1.25rem;align-items:start}
        .letter .letter-leaf{background:var(--letter-accent-soft);border-radius:6px;text-align:center;padding:.5rem .25rem;margin:0;line-height:1.3}
        .letter-leaf b{display:block;font-size:1.5rem;color:var(--letter-accent);white-space:nowrap}
        .letter .letter-calendar{list-style:none;padding:0}
        .letter .letter-calendar li{margin:0;padding:.75rem 0}
        .letter-calendar li+li{border-top:1px solid var(--letter-line)}
        .letter .letter-wide{grid-column:1/-1;margin:0}
        .letter-event{scroll-margin-top:1rem}
        .letter-unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        .letter .letter-when,.letter .letter-place{margin-bottom:.125rem}
        .letter .letter-contact ul,.letter .letter-footer ul{list-style:none;padding:0}
        .letter-footer{margin-top:3rem;padding-top:1.5rem;border-top:1px solid var(--letter-line);font-size:.9375rem}
        @media (min-width:36rem){
        .letter-beside{grid-template-columns:minmax(0,2fr) minmax(0,3fr)}
        .letter-mirrored{grid-template-columns:minmax(0,3fr) minmax(0,2fr)}
        .letter-mirrored>figure{order:2}
        .letter-tips{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}
        }
        @media print{
        .letter-contents,.letter-footer{display:none}
        .letter h1,.letter h2,.letter h3,.letter h4,.letter-kicker,.letter-leaf{break-after:avoid}
        .letter-event,.letter-box,.letter-tips,.letter-contact,.letter figure,.letter-signature{break-inside:avoid}
        .letter p,.letter li{orphans:3;widows:3}
        .letter .letter-button{background:none;color:inherit;border:2px solid;padding:.5rem 1rem}
        .letter a[href^="http"]::after,.letter .letter-call[href^="mailto"]::after{content:" (" attr(href) ")";font-weight:400;font-size:.875em;overflow-wrap:anywhere}
        .letter .letter-unseen{display:none}
        }

        """.ReplaceLineEndings("\n");

    private static string Variables(Palette palette) =>
        $"--letter-surface:{palette.Surface};--letter-ink:{palette.Ink};--letter-muted:{palette.Muted};"
        + $"--letter-accent:{palette.Accent};--letter-accent-soft:{palette.AccentSoft};--letter-line:{palette.Line}";
}
