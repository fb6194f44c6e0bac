using Microsoft.AspNetCore.Components;

namespace SmaKom.Mailer.Templates.Mail;

/// <summary>What the parts of a mail share.</summary>
public abstract class MailPart : ComponentBase
{
    /// <summary>Pixels between the card's paddings, with room for its border.</summary>
    protected const int ContentWidth = 532;

    [CascadingParameter] public required Typesetting Set { get; set; }

    [CascadingParameter] public required MailStyles Styles { get; set; }
}
