using CsCheck;
using Microsoft.ML.Tokenizers;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Engine.Tests.Tokenization;

public class BytePairEncoderTests
{
    private const string Letters = "abcd";

    /// <summary>Random merges over four letters: each of a token made before with another.</summary>
    private static readonly Gen<List<(string Left, string Right)>> RandomMerges = Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 1000])
        .List[1, 40]
        .Select(picks =>
        {
            var tokens = Letters.Select(letter => letter.ToString()).ToList();
            var merges = new List<(string, string)>();
            foreach (var (first, second) in picks)
            {
                var (left, right) = (tokens[first % tokens.Count], tokens[second % tokens.Count]);
                if (!merges.Contains((left, right)) && left.Length + right.Length <= 12)
                {
                    merges.Add((left, right));
                    tokens.Add(left + right);
                }
            }

            return merges;
        });

    [Fact]
    public void Encode_AnyMerges_EqualsBpeTokenizer() =>
        Gen.Select(RandomMerges, Gen.Char[Letters].Array[1, 80])
            .Sample(
                (merges, characters) =>
                {
                    var vocabulary = Vocabulary(merges);
                    var text = new string(characters);
                    var options = new BpeOptions(vocabulary) { Merges = merges.Select(merge => $"{merge.Left} {merge.Right}") };
                    var expected = BpeTokenizer
                        .Create(options)
                        .EncodeToIds(text, considerPreTokenization: false, considerNormalization: false);

                    Assert.Equal(expected, Encoder(vocabulary, merges).Encode(text).ToArray());
                },
                iter: 1000
            );

    [Fact]
    public void Encode_EqualMergesOverlap_TheLeftmostGoesFirst()
    {
        List<(string, string)> merges = [("a", "a"), ("aa", "b")];
        var vocabulary = Vocabulary(merges);

        Assert.Equal([vocabulary["aa"], vocabulary["a"]], Encoder(vocabulary, merges).Encode("aaa").ToArray());
        Assert.Equal([vocabulary["aa"], vocabulary["aab"]], Encoder(vocabulary, merges).Encode("aaaab").ToArray());
    }

    [Fact]
    public void Pair_AnyTwoPairs_DifferInTheirKeys() =>
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[0, int.MaxValue], Gen.Int[0, int.MaxValue], Gen.Int[0, int.MaxValue])
            .Sample(
                (left, right, otherLeft, otherRight) =>
                    Assert.Equal(
                        (left, right) == (otherLeft, otherRight),
                        BytePairEncoder.Pair(left, right) == BytePairEncoder.Pair(otherLeft, otherRight)
                    )
            );

    private static Dictionary<string, int> Vocabulary(List<(string Left, string Right)> merges)
    {
        var tokens = Letters.Select(letter => letter.ToString()).Concat(merges.Select(merge => merge.Left + merge.Right)).Distinct();
        return tokens.Select((token, id) => (token, id)).ToDictionary(entry => entry.token, entry => entry.id);
    }

    private static BytePairEncoder Encoder(Dictionary<string, int> vocabulary, List<(string Left, string Right)> merges)
    {
        var idOfByte = new int[256];
        foreach (var letter in Letters)
        {
            idOfByte[letter] = vocabulary[letter.ToString()];
        }

        var ranks = merges
            .Select((merge, rank) => (merge, rank))
            .ToDictionary(
                entry => BytePairEncoder.Pair(vocabulary[entry.merge.Left], vocabulary[entry.merge.Right]),
                entry => (entry.rank, vocabulary[entry.merge.Left + entry.merge.Right])
            );
        return new BytePairEncoder(idOfByte, ranks, null);
    }
}
