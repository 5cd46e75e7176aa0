namespace StableDiffCoder.Lsp.Context;

/// <summary>A piece of another file that might help.</summary>
/// <param name="File">The file's full path, or its document's name when it is no file.</param>
/// <param name="Text">Whole lines.</param>
/// <param name="Score">How much it promises, 0 to 1.</param>
internal sealed record SnippetCandidate(string File, string Text, double Score);
