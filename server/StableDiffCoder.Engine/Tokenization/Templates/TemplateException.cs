namespace StableDiffCoder.Engine.Tokenization.Templates;

/// <summary>A chat template cannot be read or rendered; the message says why, without the file's name.</summary>
internal sealed class TemplateException(string message) : Exception(message);
