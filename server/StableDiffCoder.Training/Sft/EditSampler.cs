using Microsoft.CodeAnalysis.Text;
using StableDiffCoder.Training.Corpus;
using StableDiffCoder.Training.Data;

namespace StableDiffCoder.Training.Sft;

/// <summary>Makes samples of one file: chooses places, regions and words, and checks that what comes out is C#.</summary>
/// <param name="options">How many, and how long.</param>
public sealed class EditSampler(SftCorpusOptions options)
{
    /// <summary>The samples of a file; the same for the same file, whatever else the corpus holds.</summary>
    /// <param name="document">The file.</param>
    /// <param name="kinds">Kinds to look for.</param>
    /// <param name="heldOutPhrasings">Ask in the words that are kept for the test.</param>
    public IEnumerable<EditSample> Sample(CorpusDocument document, IEnumerable<IEditKind> kinds, bool heldOutPhrasings)
    {
        if (EditSource.Parse(document, options.LongestRegion, options.Seed) is not { } source)
        {
            yield break;
        }
        foreach (IEditKind kind in kinds)
        {
            var random = new SampleRandom((long)SeededHash.Of(options.Seed, kind.Name, document.Path));
            List<EditSite> sites = [.. kind.Find(source).Where(site => site.Regions.Count > 0)];
            for (int left = options.SamplesPerFile; left > 0 && sites.Count > 0; )
            {
                int chosen = random.NextInt(0, sites.Count - 1);
                EditSite site = sites[chosen];
                sites.RemoveAt(chosen);
                if (Make(source, kind, site, heldOutPhrasings ? kind.HeldOutPhrasings : kind.Phrasings, random) is { } sample)
                {
                    left--;
                    yield return sample;
                }
            }
        }
    }

    /// <summary>Makes a sample of a site.</summary>
    /// <returns>Null when what comes out does not parse, or is what was there.</returns>
    private EditSample? Make(EditSource source, IEditKind kind, EditSite site, IReadOnlyList<string> phrasings, SampleRandom random)
    {
        TextSpan region = site.Regions[random.NextInt(0, site.Regions.Count - 1)];
        string phrasing = phrasings[random.NextInt(0, phrasings.Count - 1)];
        string present = source.Text.Substring(region.Start, region.Length);
        string changed = Apply(present, region.Start, site.Changes);
        (string before, string after) = site.IsReversed ? (changed, present) : (present, changed);
        string prefix = source.Text[..region.Start];
        string suffix = source.Text[region.End..];
        if (after == before || !EditSource.Parses(prefix + changed + suffix))
        {
            return null;
        }
        return new EditSample(kind.Name, Fill(phrasing, site.Slots), before, after, LastLines(prefix), FirstLines(suffix), source.Path);
    }

    private static string Apply(string text, int offset, IReadOnlyList<TextChange> changes) =>
        SourceText
            .From(text)
            .WithChanges(
                changes.Select(change => new TextChange(new TextSpan(change.Span.Start - offset, change.Span.Length), change.NewText!))
            )
            .ToString();

    private static string Fill(string phrasing, IReadOnlyDictionary<string, string> slots) =>
        slots.Aggregate(phrasing, (text, slot) => text.Replace($"{{{slot.Key}}}", slot.Value, StringComparison.Ordinal));

    private string LastLines(string prefix)
    {
        if (prefix.Length <= options.PrefixLength)
        {
            return prefix;
        }
        int start = prefix.IndexOf('\n', prefix.Length - options.PrefixLength) + 1;
        return start > 0 ? prefix[start..] : "";
    }

    private string FirstLines(string suffix)
    {
        if (suffix.Length <= options.SuffixLength)
        {
            return suffix;
        }
        int end = options.SuffixLength == 0 ? 0 : suffix.LastIndexOf('\n', options.SuffixLength - 1) + 1;
        return suffix[..end];
    }
}
