namespace StableDiffCoder.Training.Corpus;

/// <summary>One file of the corpus. A shard holds one per line, as JSON with these names in lower case.</summary>
/// <param name="Path">"source/path/in/source.cs".</param>
/// <param name="Style">"original", or "modern" when the style was rewritten.</param>
/// <param name="Text">The text as the model sees it.</param>
public sealed record CorpusDocument(string Path, string Style, string Text);
