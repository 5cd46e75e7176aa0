using StableDiffCoder.Training.Corpus;

namespace StableDiffCoder.Training.Sft;

/// <summary>How edit samples are made of a corpus. The one source of these defaults.</summary>
public sealed record SftCorpusOptions
{
    /// <value>A folder that the corpus builder wrote.</value>
    public required string CorpusDirectory { get; init; }

    /// <value>Folder that receives the samples and sft.json; made when it does not exist.</value>
    public required string OutputDirectory { get; init; }

    /// <value>Most samples of a kind from the train split. Default 4000.</value>
    public int TrainSamplesPerKind { get; init; } = 4000;

    /// <value>Most samples of a kind from each held-out split. Default 200.</value>
    public int HeldOutSamplesPerKind { get; init; } = 200;

    /// <value>Most samples of a kind from one file. Default 2.</value>
    public int SamplesPerFile { get; init; } = 2;

    /// <value>Most characters of the code to edit, indentation not counted. Default 500, about 120 to 170 tokens.</value>
    public int LongestRegion { get; init; } = 500;

    /// <value>Most characters kept before the code, cut at a line's start. Default 1500.</value>
    public int PrefixLength { get; init; } = 1500;

    /// <value>Most characters kept behind the code, cut at a line's end. Default 500.</value>
    public int SuffixLength { get; init; } = 500;

    /// <value>Another seed draws other files, places, names and phrasings. Default 0.</value>
    public int Seed { get; init; }

    /// <summary>Most samples of a kind from a split.</summary>
    public int SamplesPerKind(CorpusSplit split) => split == CorpusSplit.Train ? TrainSamplesPerKind : HeldOutSamplesPerKind;

    /// <summary>Throws when a value is out of bounds.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and what is allowed.</exception>
    public void Validate()
    {
        Require(TrainSamplesPerKind >= 0, $"trainSamplesPerKind is {TrainSamplesPerKind}; use 0 or more");
        Require(HeldOutSamplesPerKind >= 0, $"heldOutSamplesPerKind is {HeldOutSamplesPerKind}; use 0 or more");
        Require(SamplesPerFile >= 1, $"samplesPerFile is {SamplesPerFile}; use 1 or more");
        Require(LongestRegion is >= 20 and <= 100_000, $"longestRegion is {LongestRegion}; use 20 to 100000");
        Require(PrefixLength >= 0 && SuffixLength >= 0, $"prefixLength is {PrefixLength}, suffixLength {SuffixLength}; use 0 or more");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
