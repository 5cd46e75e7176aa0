using System.Text;
using CsCheck;
using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Training.Tokenizers;

namespace StableDiffCoder.Training.Tests.Tokenizers;

public sealed class BpeTrainerTests : IDisposable
{
    private const string Sample =
        "public static int Add(int left, int right)\n{\n    return left + right;\n}\n\npublic static int Subtract(int left, int right)\n{\n    return left - right; // Ärger, naïve café, 数字 12345\n}\n";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(Sample, 60)]
    [InlineData("aaaa aaaaa aaa\nabababab bababa\n", 12)]
    public void Train_MergesEqualNaiveTrainer(string text, int merges) => AssertEqualsNaive(text, merges);

    [Fact]
    public void Train_AnyText_MergesEqualNaiveTrainer() =>
        Gen.String[Gen.Char["ab c\né"], 0, 60].Sample(text => AssertEqualsNaive(text, 10), iter: 200);

    [Fact]
    public void Write_LoadsInTheEngine_AndRoundTrips()
    {
        HuggingFaceTokenizer tokenizer = TrainAndLoad(Sample, 300);

        int[] ids = tokenizer.Encode(Sample, parseSpecial: false);

        Assert.Equal(Sample.Normalize(NormalizationForm.FormC), tokenizer.Decode(ids));
        Assert.True(ids.Length < 0.7 * Encoding.UTF8.GetByteCount(Sample), "merges are used");
        Assert.Equal(300, tokenizer.VocabularySize);
    }

    [Fact]
    public void Write_AnyText_RoundTrips()
    {
        HuggingFaceTokenizer tokenizer = TrainAndLoad(Sample, 300);

        Gen.String[Gen.Char['\u0001', '\uD7FF'], 0, 40]
            .Sample(text => tokenizer.Decode(tokenizer.Encode(text, false)) == text.Normalize(NormalizationForm.FormC), iter: 500);
    }

    [Fact]
    public void Write_SpecialTokens_HaveTheReportsIds()
    {
        HuggingFaceTokenizer tokenizer = TrainAndLoad(Sample, 300);

        Assert.Equal(
            [0, 1, 2, 5, 6],
            tokenizer.Encode("<[begin▁of▁sentence]><[PAD▁TOKEN]><[end▁of▁sentence]><[MASK_TOKEN]><[SEP▁TOKEN]>", parseSpecial: true)
        );
        Assert.Equal([7, 8, 9], tokenizer.Encode("<[fim-prefix]><[fim-suffix]><[fim-middle]>", parseSpecial: true));
        Assert.DoesNotContain(5, tokenizer.Encode("<[MASK_TOKEN]>", parseSpecial: false));
        Assert.True(tokenizer.IsSpecial(15) && !tokenizer.IsSpecial(16));
    }

    [Fact]
    public void Write_Twice_SameBytes()
    {
        TrainAndLoad(Sample, 300);
        byte[] first = File.ReadAllBytes(folder.At("tokenizer.json"));
        TrainAndLoad(Sample, 300);

        Assert.Equal(first, File.ReadAllBytes(folder.At("tokenizer.json")));
    }

    [Fact]
    public void Train_TooLittleText_StopsEarly() => Assert.Equal(272, Train("a b c", 4096).Size);

    [Fact]
    public void Train_VocabularyBelowBytes_SaysWhatIsNeeded() =>
        Assert.Contains(
            "272",
            Assert.Throws<ArgumentException>(() => new BpeTrainingOptions { VocabularySize = 271 }.Validate()).Message,
            StringComparison.Ordinal
        );

    private static BpeVocabulary Train(string text, int size) =>
        BpeTrainer.Train([text], new BpeTrainingOptions { VocabularySize = size }, null, CancellationToken.None);

    private HuggingFaceTokenizer TrainAndLoad(string text, int size)
    {
        TokenizerJson.Write(Train(text, size), folder.At("tokenizer.json"));
        return HuggingFaceTokenizer.Load(folder.At("tokenizer.json"));
    }

    private static void AssertEqualsNaive(string text, int merges)
    {
        (string, string)[] expected = [.. NaiveMerges(text, merges)];
        Assert.Equal(expected, Train(text, 272 + merges).Merges.Take(expected.Length));
    }

    /// <summary>Counts all pairs anew before each merge.</summary>
    private static IEnumerable<(string, string)> NaiveMerges(string text, int merges)
    {
        string normalized = text.Normalize(NormalizationForm.FormC);
        List<string> tokens = [.. ByteLevelAlphabet.Chars.ToArray().Select(unit => unit.ToString())];
        List<List<int>> chunks =
        [
            .. new PreTokenizer(BpeTrainingOptions.ReportPattern)
                .Split(normalized)
                .Select(chunk => Encoding.UTF8.GetBytes(normalized, chunk.Start, chunk.Length).Select(value => (int)value).ToList()),
        ];
        for (int merge = 0; merge < merges; merge++)
        {
            var best = chunks
                .SelectMany(chunk => chunk.Zip(chunk.Skip(1)))
                .GroupBy(pair => pair)
                .Where(group => group.Count() >= 2)
                .OrderByDescending(group => group.Count())
                .ThenBy(group => group.Key)
                .FirstOrDefault();
            if (best is null)
            {
                yield break;
            }
            (int left, int right) = best.Key;
            yield return (tokens[left], tokens[right]);
            string joined = tokens[left] + tokens[right];
            if (!tokens.Contains(joined))
            {
                tokens.Add(joined);
            }
            int id = tokens.IndexOf(joined);
            foreach (List<int> chunk in chunks)
            {
                for (int i = 0; i + 1 < chunk.Count; i++)
                {
                    if (chunk[i] == left && chunk[i + 1] == right)
                    {
                        chunk[i] = id;
                        chunk.RemoveAt(i + 1);
                    }
                }
            }
        }
    }
}
