using System.Text;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Engine.Infilling;

/// <summary>Notices a stop string in text that grows block by block, and decodes and searches each part of it once.</summary>
internal sealed class StopStringWatch(LoadedModel model, IReadOnlyList<string> stopStrings)
{
    private readonly StreamingTokenDecoder decoder = new(model.Tokenizer);
    private readonly int longest = stopStrings.Count == 0 ? 0 : stopStrings.Max(stop => stop.Length);
    private readonly StringBuilder tail = new();
    private int seen;

    /// <summary>Whether a stop string has appeared.</summary>
    /// <param name="finished">All finished ids so far; each call gives those of the last call and more.</param>
    public bool HasAppeared(IReadOnlyList<int> finished)
    {
        if (longest == 0)
        {
            return false;
        }
        for (; seen < finished.Count; seen++)
        {
            if (!model.IsControl(finished[seen]))
            {
                tail.Append(decoder.Append(finished[seen]));
            }
        }
        string text = tail.ToString();
        // A stop string may still straddle this block's end by all but one of its characters.
        tail.Remove(0, Math.Max(0, tail.Length - (longest - 1)));
        return stopStrings.Any(stop => text.Contains(stop, StringComparison.Ordinal));
    }
}
