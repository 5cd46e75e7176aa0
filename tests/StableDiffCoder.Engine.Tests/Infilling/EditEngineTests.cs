using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Engine.Tests.Infilling;

public sealed class EditEngineTests
{
    private const string Text = "class C\n{\n    int a = 1;\n    int b = 2;\n}\n";

    private static readonly ModelLoadOptions OneThread = new() { Threads = 1, DataType = "float32" };

    private static readonly EditRequest Request = new()
    {
        Text = Text,
        Span = new TextSpan(10, 15),
        Instruction = "rename a to <[MASK_TOKEN]>",
        Options = new EditOptions { MaxNewTokens = 12 },
    };

    private static Task<InfillEngine> Load(InfillCheckpoint checkpoint) =>
        InfillEngine.LoadAsync(checkpoint.Path, OneThread, null, CancellationToken.None);

    private static InfillCheckpoint InstructCheckpoint(string template = ChatTemplate.SeedCoder, int maxPositions = 512)
    {
        var checkpoint = new InfillCheckpoint(maxPositions: maxPositions);
        File.WriteAllText(checkpoint.FilePath(ChatTemplate.FileName), template);
        return checkpoint;
    }

    [Fact]
    public async Task EditAsync_InstructCheckpoint_EqualsThePlainGeneration()
    {
        using InfillCheckpoint checkpoint = InstructCheckpoint();
        await using InfillEngine engine = await Load(checkpoint);
        Assert.True(engine.Description.CanEdit);
        EditResult result = await engine.EditAsync(Request, null, CancellationToken.None);

        using LoadedModel model = LoadedModel.Load(checkpoint.Path, OneThread, null, CancellationToken.None);
        ChatTemplate template = ChatTemplate.Parse(ChatTemplate.SeedCoder, model.Tokenizer);
        string message = EditMessage.Write(Request.Instruction, "int a = 1;", "class C\n{\n", "    int b = 2;\n}\n");
        int[] prompt = template.Encode([new ChatMessage("user", message)]);
        var sampler = new FusedCommitSampler(model.Transformer, model.SpecialIds);
        Generation plain = sampler.Generate(prompt, new SamplerOptions { GenLength = 12 }, GenerationHooks.None, CancellationToken.None);
        Assert.Equal(plain.Forwards, result.Forwards);
        Assert.Equal(plain.Confidences.Take(result.Tokens), result.Confidences);
        Assert.Equal(Request.Span, result.Span);
        Assert.EndsWith("\n", result.NewText, StringComparison.Ordinal);
        Assert.DoesNotContain(InfillCheckpoint.Mask, prompt);
    }

    [Fact]
    public async Task EditAsync_CodePrior_CopiesTheCodeWhereTheModelIsAtALoss()
    {
        using InfillCheckpoint checkpoint = InstructCheckpoint();
        await using InfillEngine engine = await Load(checkpoint);
        EditRequest request = Request with
        {
            Options = new EditOptions { MaxNewTokens = 40, CodePrior = 0.99 },
        };
        EditResult result = await engine.EditAsync(request, null, CancellationToken.None);
        Assert.Equal(Text[10..25], result.NewText);
        Assert.Equal(InfillStop.Eos, result.Stop);
        result = await engine.EditAsync(request with { Options = request.Options with { CodePrior = 0 } }, null, CancellationToken.None);
        Assert.NotEqual(Text[10..25], result.NewText);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void Validate_CodePriorOutOfBounds_IsRefusedByName(double value)
    {
        var options = new EditOptions { CodePrior = value };
        Assert.Contains("codePrior", Assert.Throws<ArgumentException>(options.Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EditAsync_CheckpointWithoutTemplate_IsNotSupportedAndStillInfills()
    {
        using var checkpoint = new InfillCheckpoint();
        await using InfillEngine engine = await Load(checkpoint);
        Assert.False(engine.Description.CanEdit);
        var error = await Assert.ThrowsAsync<NotSupportedException>(() => engine.EditAsync(Request, null, CancellationToken.None));
        Assert.Contains(ChatTemplate.FileName, error.Message, StringComparison.Ordinal);
        var infill = new InfillRequest { Text = Text, Spans = [new TextSpan(10, 0)] };
        Assert.Single((await engine.InfillAsync(infill, null, CancellationToken.None)).Spans);
    }

    [Theory]
    [InlineData("{% macro x() %}{% endmacro %}", "macro", false)]
    [InlineData("{{ raise_exception('no users') }}", "no users", true)]
    public async Task EditAsync_TemplateThatCannotBeUsed_SaysWhy(string template, string named, bool noticedLate)
    {
        using InfillCheckpoint checkpoint = InstructCheckpoint(template);
        await using InfillEngine engine = await Load(checkpoint);
        Assert.Equal(noticedLate, engine.Description.CanEdit);
        var error = await Assert.ThrowsAsync<NotSupportedException>(() => engine.EditAsync(Request, null, CancellationToken.None));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EditAsync_LongDocument_IsCutToFit()
    {
        using InfillCheckpoint checkpoint = InstructCheckpoint();
        await using InfillEngine engine = await Load(checkpoint);
        string text = string.Concat(Enumerable.Repeat("int value = 12;\r\n", 200));
        foreach (int? context in (int?[])[null, 0, 50])
        {
            EditRequest request = Request with
            {
                Text = text,
                Span = new TextSpan(170, 34),
                Options = Request.Options with { ContextTokens = context },
            };
            EditResult result = await engine.EditAsync(request, null, CancellationToken.None);
            Assert.Equal(request.Span, result.Span);
        }
    }

    [Fact]
    public async Task EditAsync_CodeThatDoesNotFit_IsAnArgumentError()
    {
        using InfillCheckpoint checkpoint = InstructCheckpoint(maxPositions: 128);
        await using InfillEngine engine = await Load(checkpoint);
        EditRequest request = Request with { Text = new string('x', 200), Span = new TextSpan(0, 200) };
        var error = await Assert.ThrowsAsync<ArgumentException>(() => engine.EditAsync(request, null, CancellationToken.None));
        Assert.Contains("max_position_embeddings", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 2, "x")]
    [InlineData(40, 10, "x")]
    [InlineData(0, 2, " ")]
    public async Task EditAsync_InvalidRequest_IsAnArgumentError(int start, int length, string instruction)
    {
        using InfillCheckpoint checkpoint = InstructCheckpoint();
        await using InfillEngine engine = await Load(checkpoint);
        EditRequest request = Request with { Span = new TextSpan(start, length), Instruction = instruction };
        await Assert.ThrowsAsync<ArgumentException>(() => engine.EditAsync(request, null, CancellationToken.None));
    }

    [Fact]
    public async Task EditAsync_Cancelled_StopsAtTheNextForward()
    {
        using InfillCheckpoint checkpoint = InstructCheckpoint();
        await using InfillEngine engine = await Load(checkpoint);
        using var cancellation = new CancellationTokenSource();
        var reports = new List<InfillCanvas>();
        var progress = new Recorder<InfillCanvas>(reports, _ => cancellation.Cancel());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.EditAsync(Request, progress, cancellation.Token));
        Assert.Single(reports);
        Assert.Equal(11, reports[0].Spans[0].Text.Count(c => c == CanvasSpan.MaskGlyph));
    }

    [Fact]
    public async Task EditAsync_BidirectionalCheckpoint_DenoisesTheWholeAnswerInPlace()
    {
        using var checkpoint = new InfillCheckpoint(inPlace: true, maxPositions: 512);
        File.WriteAllText(checkpoint.FilePath(ChatTemplate.FileName), ChatTemplate.SeedCoder);
        await using InfillEngine engine = await Load(checkpoint);
        var reports = new List<InfillCanvas>();
        EditResult result = await engine.EditAsync(Request, new Recorder<InfillCanvas>(reports), CancellationToken.None);
        Assert.Equal(12, result.Forwards);
        Assert.Equal(
            Enumerable.Range(0, 12).Reverse(),
            reports.Select(report => report.Spans[0].Text.Count(c => c == CanvasSpan.MaskGlyph))
        );
        Assert.Equal(Request.Span, result.Span);
    }
}
