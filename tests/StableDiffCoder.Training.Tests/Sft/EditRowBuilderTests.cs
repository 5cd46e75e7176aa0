using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Training.Data;
using StableDiffCoder.Training.Running;
using StableDiffCoder.Training.Sft;
using StableDiffCoder.Training.Tests.Running;

namespace StableDiffCoder.Training.Tests.Sft;

public sealed class EditRowBuilderTests : IDisposable
{
    private const int Length = 256;

    private static readonly EditSample Sample = new(
        "k",
        "rename a to b",
        "    int a = 1;",
        "    int b = 1;",
        "class C\n{\n",
        "\n}\n",
        "f.cs"
    );

    private readonly TinyCorpus corpus = new();

    public void Dispose() => corpus.Dispose();

    private EditRowBuilder Builder(int length, params EditSample[] samples) =>
        new(samples, corpus.Tokenizer, ChatTemplate.Parse(ChatTemplate.SeedCoder, corpus.Tokenizer), length);

    [Fact]
    public void Build_Rows_CountTheAnswersAndOneToFourEosAlone()
    {
        HuggingFaceTokenizer tokenizer = corpus.Tokenizer;
        int eos = tokenizer.Special.Eos!.Value;
        int[] answer = tokenizer.Encode(EditMessage.Answer("int b = 1;"), AddedTokenParsing.None);
        var ends = new HashSet<int>();
        var contexts = new HashSet<bool>();
        for (int row = 0; row < 40; row++)
        {
            TrainingRow built = Builder(Length, Sample).Build(new SampleRandom(row));
            Assert.Equal(Length, built.Ids.Length);
            Assert.Equal(Length, built.Eligible!.Length);
            // The answer stands where the first eligible run does, behind "assistant\n".
            int start = Array.IndexOf(built.Eligible, true);
            int end = Array.FindIndex(built.Eligible, start, counts => !counts);
            int[] run = built.Ids[start..(end < 0 ? Length : end)];
            Assert.Equal(answer, run[..answer.Length]);
            Assert.All(run[answer.Length..], id => Assert.Equal(eos, id));
            ends.Add(run.Length - answer.Length);
            string prompt = tokenizer.Decode(built.Ids[..start]);
            Assert.EndsWith("assistant\n", prompt, StringComparison.Ordinal);
            Assert.Contains("rename a to b", prompt, StringComparison.Ordinal);
            contexts.Add(prompt.Contains("class C", StringComparison.Ordinal));
        }
        Assert.Equal([1, 2, 3, 4], ends.Order());
        Assert.Equal(2, contexts.Count);
    }

    [Fact]
    public void Build_SameRandom_SameRow()
    {
        TrainingRow one = Builder(Length, Sample).Build(new SampleRandom(3));
        TrainingRow two = Builder(Length, Sample).Build(new SampleRandom(3));
        Assert.Equal(one.Ids, two.Ids);
        Assert.Equal(one.Eligible, two.Eligible);
    }

    [Fact]
    public void Build_PromptOfARow_IsTheEnginesPrompt()
    {
        TrainingRow row = Builder(Length, Sample with { Prefix = "", Suffix = "" }).Build(new SampleRandom(1));
        ChatTemplate template = ChatTemplate.Parse(ChatTemplate.SeedCoder, corpus.Tokenizer);
        EditPrompt prompt = new EditPromptBuilder(corpus.Tokenizer, template, Length, 4).Build(
            "    int a = 1;",
            new TextSpan(0, 14),
            "rename a to b",
            20,
            null
        );
        Assert.Equal(prompt.Ids, row.Ids[..prompt.Ids.Length]);
        Assert.Equal(prompt.Ids.Length, Array.IndexOf(row.Eligible!, true));
    }

    [Fact]
    public void Build_RareKind_IsDrawnByTheRootOfItsNumber()
    {
        EditSample rare = Sample with { Kind = "rare", Instruction = "RARE" };
        EditRowBuilder builder = Builder(Length, [rare, .. Enumerable.Repeat(Sample, 9)]);
        string text = string.Concat(
            Enumerable.Range(0, 200).Select(row => corpus.Tokenizer.Decode(builder.Build(new SampleRandom(row)).Ids))
        );
        double all = text.Split("Rewrite:").Length - 1;
        // 1 of √1 + √9.
        Assert.InRange((text.Split("RARE").Length - 1) / all, 0.17, 0.33);
    }

    [Fact]
    public void Build_SamplesTooLong_SaysSo()
    {
        var error = Assert.Throws<TrainingException>(() =>
            Builder(64, Sample with { Before = new string('x', 900) }).Build(new SampleRandom(1))
        );
        Assert.Contains("context_length", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_Mixed_TakesItsShareFromEach()
    {
        var mixed = new MixedRowBuilder(new Constant(1), new Constant(2), 0.25);
        int seconds = Enumerable.Range(0, 4000).Count(row => mixed.Build(new SampleRandom(row)).Ids[0] == 2);
        Assert.InRange(seconds, 900, 1100);
    }

    private sealed class Constant(int id) : IRowBuilder
    {
        public TrainingRow Build(SampleRandom random) => new([id]);
    }
}
