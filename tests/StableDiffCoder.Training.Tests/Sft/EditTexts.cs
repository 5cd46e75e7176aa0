using Microsoft.CodeAnalysis.Text;
using StableDiffCoder.Training.Corpus;
using StableDiffCoder.Training.Sft;

namespace StableDiffCoder.Training.Tests.Sft;

/// <summary>Finds edits in small texts.</summary>
internal static class EditTexts
{
    private const string Head = "using System;\nusing System.Collections.Generic;\nusing System.Threading.Tasks;\n\nclass C\n{\n";

    public static IEditKind Kind(string name) => EditKinds.All.Single(kind => kind.Name == name);

    /// <summary>A file with one class that has these members, at four spaces.</summary>
    public static string InClass(string members) => $"{Head}    {members.Replace("\n", "\n    ", StringComparison.Ordinal)}\n}}\n";

    public static EditSource Source(string text, int longestRegion = 500) =>
        EditSource.Parse(new CorpusDocument("source/File.cs", "original", text), longestRegion, seed: 1)
        ?? throw new ArgumentException($"does not parse: {text}");

    public static IReadOnlyList<EditSite> Sites(string kind, string text) =>
        [.. Kind(kind).Find(Source(text)).Where(site => site.Regions.Count > 0)];

    /// <summary>The whole text after each edit that is found.</summary>
    public static IReadOnlyList<string> After(string kind, string text) =>
        [.. Sites(kind, text).Where(site => !site.IsReversed).Select(site => SourceText.From(text).WithChanges(site.Changes).ToString())];
}
