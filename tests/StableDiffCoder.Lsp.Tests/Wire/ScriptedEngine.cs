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
        }
        InfilledSpan[] spans =
        [
            .. request.Spans.Select(span => new InfilledSpan
            {
                Span = span,
                Text = Fill,
                Tokens = 3,
                Forwards = 5,
                Stop = Stop,
            }),
        ];
        return new InfillResult
        {
            Spans = spans,
            Model = Description.Model,
            Milliseconds = 1,
        };
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}
