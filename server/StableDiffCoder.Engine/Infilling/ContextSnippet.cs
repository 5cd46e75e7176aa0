namespace StableDiffCoder.Engine.Infilling;

/// <summary>
/// A piece of another file that helps to fill a span. The model is shown it as plain code under a comment line that names the file, since the
/// FIM format has no tokens for other files.
/// </summary>
public sealed record ContextSnippet
{
    /// <value>What the model is told of where it stands, such as "src/Stack.cs".</value>
    public required string Path { get; init; }

    /// <value>Whole lines of code. Special tokens spelled in it are text, never control.</value>
    public required string Text { get; init; }

    /// <value>The sign that makes the line with the path a comment in the document's language. Default "//".</value>
    public string LineComment { get; init; } = "//";
}
