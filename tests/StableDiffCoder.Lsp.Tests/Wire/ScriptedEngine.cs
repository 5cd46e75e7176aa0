using System.Collections.Concurrent;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Settings;

namespace StableDiffCoder.Lsp.Tests.Wire;

/// <summary>
/// An engine whose steps the test releases one by one. The real one cannot be held between two denoising steps, which is where these tests
/// must look.
/// </summary>
public sealed class ScriptedEngine : IInfillEngine, IEditEngine
{
    /// <summary>Options with which a server takes a scripted fill as it is: what it breaks is not mended.</summary>
    public static LanguageServerOptions AsItIs { get; } = new() { Infill = new FillOptions { RepairRounds = 0 } };

    private readonly SemaphoreSlim steps = new(0);
    private readonly SemaphoreSlim started = new(0);

    /// <summary>What every span is filled with.</summary>
    public string Fill { get; init; } = "filled";

    /// <summary>What a request's span is filled with instead; null for <see cref="Fill"/>.</summary>
    public Func<InfillRequest, string>? Answer { get; init; }

    /// <summary>The new code of an edit request, null when the model follows no instructions.</summary>
    public Func<EditRequest, string>? Edit { get; init; }

    /// <summary>Probability of every token; a token is a character, its id the character's number.</summary>
    public Func<char, double> Confidence { get; init; } = _ => 0.9;

    /// <summary>Why every fill ended.</summary>
    public InfillStop Stop { get; init; } = InfillStop.Eos;

    /// <summary>Denoising steps a request takes; 0 answers at once.</summary>
    public int Steps { get; init; }

    /// <summary>Thrown by every request when not null.</summary>
    public Exception? Failure { get; init; }

    public ConcurrentQueue<InfillRequest> Requests { get; } = new();

    /// <summary>Steps run so far, over all requests.</summary>
    public int StepsRun { get; private set; }

    public bool IsDisposed { get; private set; }

    public ConcurrentQueue<EditRequest> EditRequests { get; } = new();

    public EngineDescription Description =>
        new()
        {
            Model = "scripted",
            Device = "cpu",
            DataType = "float32",
            Parameters = 1,
            ContextLength = 64,
            CanEdit = Edit is not null,
        };

    /// <summary>Waits until a request has begun.</summary>
    public async Task StartedAsync() => Assert.True(await started.WaitAsync(LspTestClient.Patience), "no request has begun");

    /// <summary>Lets steps run.</summary>
    public void Release(int count) => steps.Release(count);

    public async Task<InfillResult> InfillAsync(
        InfillRequest request,
        IProgress<InfillCanvas>? progress,
        CancellationToken cancellationToken
    )
    {
        Requests.Enqueue(request);
        string text = Text(request);
        await RunAsync(text, request.Spans.Count, progress, cancellationToken);
        InfilledSpan[] spans =
        [
            .. request.Spans.Select(span => new InfilledSpan
            {
                Span = span,
                Text = text,
                Tokens = 3,
                Forwards = 5,
                Stop = Stop,
                Confidences = [.. text.Select(Confidence)],
                Choices = Choices(text, Stop),
            }),
        ];
        return new InfillResult
        {
            Spans = spans,
            Model = Description.Model,
            Milliseconds = 1,
        };
    }

    public async Task<EditResult> EditAsync(EditRequest request, IProgress<InfillCanvas>? progress, CancellationToken cancellationToken)
    {
        EditRequests.Enqueue(request);
        string text = Edit!(request);
        await RunAsync(EditMessage.Answer(ShownCode.Of(request.Text, request.Span).Show(text)), 1, progress, cancellationToken);
        return new EditResult
        {
            Span = request.Span,
            NewText = text,
            Tokens = text.Length,
            Forwards = Steps,
            Stop = Stop,
            Model = Description.Model,
            Milliseconds = 1,
        };
    }

    private async Task RunAsync(string text, int spans, IProgress<InfillCanvas>? progress, CancellationToken cancellationToken)
    {
        started.Release();
        if (Failure is not null)
        {
            throw Failure;
        }
        for (int step = 0; step < Steps; step++)
        {
            await steps.WaitAsync(cancellationToken);
            StepsRun++;
            progress?.Report(Canvas(text, spans, step + 1));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private string Text(InfillRequest request) => Answer?.Invoke(request) ?? Fill;

    private TokenChoice[] Choices(string text, InfillStop stop)
    {
        IEnumerable<TokenChoice> choices = text.Select((symbol, i) => new TokenChoice(symbol, Confidence(symbol), i + 1));
        return [.. choices, .. stop == InfillStop.Eos ? [new TokenChoice(0, Confidence('\0'), text.Length)] : (TokenChoice[])[]];
    }

    // The first part of the text, in proportion to the steps done.
    private InfillCanvas Canvas(string text, int spans, int step)
    {
        string shown = text[..(text.Length * step / Steps)];
        int masks = text.Length - shown.Length;
        var span = new CanvasSpan
        {
            Text = shown + new string(CanvasSpan.MaskGlyph, masks),
            Masked = masks == 0 ? [] : [new TextSpan(shown.Length, masks)],
            Confidence = 0.9,
            Leading = Choices(shown, InfillStop.Length),
        };
        return new InfillCanvas { Step = step, Spans = [.. Enumerable.Repeat(span, spans)] };
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}
