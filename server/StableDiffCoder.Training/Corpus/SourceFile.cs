using StableDiffCoder.Training.Corpus.Style;

namespace StableDiffCoder.Training.Corpus;

/// <summary>A file of a source tree that may become a <see cref="CorpusDocument"/>.</summary>
/// <param name="Source">The tree.</param>
/// <param name="Path">Path below the tree's root, with '/'.</param>
/// <param name="Split">Where it goes.</param>
internal sealed record SourceFile(CorpusSource Source, string Path, CorpusSplit Split)
{
    /// <summary>"source/path".</summary>
    public string CorpusPath => $"{Source.Name}/{Path}";

    /// <summary>The folder whose being held out put this file into its split.</summary>
    public string HeldOutFolder
    {
        get
        {
            string? named = Source.Test.Concat(Source.Validation).FirstOrDefault(folder => CorpusSource.IsUnder(Path, folder));
            return $"{Source.Name}/{named ?? ProjectSplit.ProjectFolder(Path)}";
        }
    }

    /// <summary>The text without its licence header, or why the file is left out.</summary>
    public (string? Text, DropReason? Reason) Read(CorpusOptions options)
    {
        if (SourceFileFilter.ByPath(Path) is DropReason byPath)
        {
            return (null, byPath);
        }
        if (Source.LicenceOf(Path).Contains("GPL", StringComparison.Ordinal))
        {
            return (null, DropReason.Licence);
        }
        string fullPath = System.IO.Path.Combine(Source.Root, Path);
        if (new FileInfo(fullPath).Length > options.MaxFileBytes)
        {
            return (null, DropReason.TooLarge);
        }
        if (SourceFileFilter.Decode(File.ReadAllBytes(fullPath)) is not string text)
        {
            return (null, DropReason.NotText);
        }
        if (SourceFileFilter.ByText(text) is DropReason byText)
        {
            return (null, byText);
        }
        text = LicenceHeader.Strip(text, Path);
        return text.Length < options.MinTextLength ? (null, DropReason.TooSmall) : (text, null);
    }

    /// <summary>The document, with its style and line ends drawn by the file's name.</summary>
    public CorpusDocument Render(CorpusOptions options)
    {
        string text = Read(options).Text ?? throw new IOException($"{CorpusPath} changed while the corpus was made; run it again");
        string style = "original";
        bool rewrite = SeededHash.Unit(options.Seed, "modern", CorpusPath) < options.ModernStyleShare;
        if (rewrite && Path.EndsWith(".cs", StringComparison.OrdinalIgnoreCase))
        {
            text = ModernCSharp.Rewrite(text, rule => SeededHash.Unit(options.Seed, rule, CorpusPath));
            style = "modern";
        }
        if (SeededHash.Unit(options.Seed, "crlf", CorpusPath) < options.CrlfShare)
        {
            text = text.Replace("\n", "\r\n", StringComparison.Ordinal);
        }
        return new CorpusDocument(CorpusPath, style, text);
    }
}
