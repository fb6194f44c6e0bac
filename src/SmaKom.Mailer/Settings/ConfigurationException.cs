namespace SmaKom.Mailer.Settings;

/// <summary>A setting is missing or wrong; the message names it and says how to mend it.</summary>
public sealed class ConfigurationException(string message, Exception? inner = null) : Exception(message, inner);
