using System.Collections.Concurrent;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Lsp.Tests.Wire;

/// <summary>
/// An engine whose steps the test releases one by one. The real one cannot be held between two denoising steps, which is where these tests
/// must look.
/// </summary>
public sealed class ScriptedEngine : IInfillEngine
{
    private readonly SemaphoreSlim steps = new(0);
    private readonly SemaphoreSlim started = new(0);

    /// <summary>What every span is filled with.</summary>
    public string Fill { get; init; } = "filled";

    /// <summary>What a request's span is filled with instead; null for <see cref="Fill"/>.</summary>
    public Func<InfillRequest, string>? Answer { get; init; }

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

    public EngineDescription Description { get; } =
        new()
        {
            Model = "scripted",
            Device = "cpu",
            DataType = "float32",
            Parameters = 1,
            ContextLength = 64,
        };

    /// <summary>Waits until a request has begun.</summary>
    public Task StartedAsync() => started.WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>Lets steps run.</summary>
    public void Release(int count) => steps.Release(count);

    public async Task<InfillResult> InfillAsync(
        InfillRequest request,
        IProgress<InfillCanvas>? progress,
        CancellationToken cancellationToken
    )
    {
        Requests.Enqueue(request);
        started.Release();
        if (Failure is not null)
        {
            throw Failure;
        }
        for (int step = 0; step < Steps; step++)
        {
            await steps.WaitAsync(cancellationToken);
            StepsRun++;
            progress?.Report(Canvas(request, step + 1));
            cancellationToken.ThrowIfCancellationRequested();
        }
        string text = Text(request);
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

    private string Text(InfillRequest request) => Answer?.Invoke(request) ?? Fill;

    private TokenChoice[] Choices(string text, InfillStop stop)
    {
        IEnumerable<TokenChoice> choices = text.Select((symbol, i) => new TokenChoice(symbol, Confidence(symbol), i + 1));
        return [.. choices, .. stop == InfillStop.Eos ? [new TokenChoice(0, Confidence('\0'), text.Length)] : (TokenChoice[])[]];
    }

    // The first part of the text, in proportion to the steps done.
    private InfillCanvas Canvas(InfillRequest request, int step)
    {
        string text = Text(request);
        string shown = text[..(text.Length * step / Steps)];
        int masks = text.Length - shown.Length;
        var span = new CanvasSpan
        {
            Text = shown + new string(CanvasSpan.MaskGlyph, masks),
            Masked = masks == 0 ? [] : [new TextSpan(shown.Length, masks)],
            Confidence = 0.9,
            Leading = Choices(shown, InfillStop.Length),
        };
        return new InfillCanvas { Step = step, Spans = [.. request.Spans.Select(_ => span)] };
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}
