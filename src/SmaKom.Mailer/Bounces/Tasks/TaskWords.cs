namespace SmaKom.Mailer.Bounces.Tasks;

/// <summary>Words of the page of tasks.</summary>
public sealed class TaskWords;
