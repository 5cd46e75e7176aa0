using Microsoft.CodeAnalysis.Text;

namespace StableDiffCoder.Training.Sft;

/// <summary>A kind of edit that developers ask for: finds where it can be done, and does it. Sound: code that compiled still does, and means the same.</summary>
public interface IEditKind
{
    /// <summary>Name in samples and reports, lower case with hyphens.</summary>
    string Name { get; }

    /// <summary>Ways to ask for it, with slots in braces.</summary>
    IReadOnlyList<string> Phrasings { get; }

    /// <summary>Ways to ask for it that are kept for the test split.</summary>
    IReadOnlyList<string> HeldOutPhrasings { get; }

    /// <summary>The places of a file where it can be done, in the file's order.</summary>
    IEnumerable<EditSite> Find(EditSource source);
}

/// <summary>A place where an edit can be done.</summary>
/// <param name="Regions">
/// Whole lines that may be shown as the code to edit, the smallest first; in each the instruction is unambiguous and all changes lie in it.
/// </param>
/// <param name="Changes">What the edit changes.</param>
/// <param name="Slots">Texts for the slots of the phrasings.</param>
public sealed record EditSite(IReadOnlyList<TextSpan> Regions, IReadOnlyList<TextChange> Changes, IReadOnlyDictionary<string, string> Slots)
{
    /// <value>Whether the file is what the edit leads to, and the changes lead back to what it starts from. Default false.</value>
    public bool IsReversed { get; init; }
}
