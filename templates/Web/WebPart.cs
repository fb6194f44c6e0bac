using Microsoft.AspNetCore.Components;

namespace SmaKom.Mailer.Templates.Web;

/// <summary>What the parts of a letter on the web share.</summary>
public abstract class WebPart : ComponentBase
{
    [CascadingParameter] public required Typesetting Set { get; set; }
}
