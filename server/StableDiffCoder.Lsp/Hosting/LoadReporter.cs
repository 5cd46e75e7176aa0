using Microsoft.Extensions.Logging;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Protocol;
using StreamJsonRpc;

namespace StableDiffCoder.Lsp.Hosting;

/// <summary>
/// Tells the user how the loading goes: a progress bar where the client has them, and one message when it fails. A client may create
/// progress only after <c>initialized</c>; reports made before are kept until then.
/// </summary>
internal sealed class LoadReporter(LspRpc rpc, Session session, BackgroundEngine engine, ILogger logger)
{
    private const string Token = "stable-diffcoder/load";
    private int percentage;

    /// <summary>Reports until the loading is over.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(ShowFailureAsync(cancellationToken), ShowProgressAsync(cancellationToken));
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or RemoteRpcException or ObjectDisposedException or IOException)
        {
            // The client refused the progress or is gone; loading goes on without an audience.
            Log.ProgressFailed(logger, exception);
        }
    }

    private async Task ShowFailureAsync(CancellationToken cancellationToken)
    {
        if (await FailureAsync(cancellationToken) is string failure)
        {
            var message = new ShowMessageParams { Type = ShowMessageParams.Error, Message = $"No completions: {failure}" };
            await rpc.NotifyAsync(LspMethods.ShowMessage, message, LspJson.Default.ShowMessageParams);
        }
    }

    private async Task ShowProgressAsync(CancellationToken cancellationToken)
    {
        if (!session.ShowsWorkDoneProgress)
        {
            return;
        }
        await session.Initialized.WaitAsync(cancellationToken);
        var create = new WorkDoneProgressCreateParams { Token = Token };
        await rpc.RequestAsync(LspMethods.CreateWorkDoneProgress, create, LspJson.Default.WorkDoneProgressCreateParams, cancellationToken);
        await TellAsync(
            new WorkDoneProgress
            {
                Kind = "begin",
                Title = "Loading the code model",
                Percentage = 0,
            }
        );
        await TellAsync(
            new WorkDoneProgress
            {
                Kind = "report",
                Message = "starting",
                Percentage = 0,
            }
        );
        await foreach (ModelLoadProgress news in engine.Progress.ReadAllAsync(cancellationToken))
        {
            int next = (int)(100 * Math.Clamp(news.Fraction, 0, 1));
            if (next > percentage)
            {
                percentage = next;
                await TellAsync(
                    new WorkDoneProgress
                    {
                        Kind = "report",
                        Message = news.Message,
                        Percentage = next,
                    }
                );
            }
        }
        string? failure = await FailureAsync(cancellationToken);
        string outcome = failure is null ? "ready" : "failed";
        await TellAsync(
            new WorkDoneProgress
            {
                Kind = "report",
                Message = outcome,
                Percentage = failure is null ? 100 : percentage,
            }
        );
        await TellAsync(new WorkDoneProgress { Kind = "end", Message = outcome });
    }

    /// <summary>The message of the failed load; null when it went well or was stopped.</summary>
    private async Task<string?> FailureAsync(CancellationToken cancellationToken)
    {
        try
        {
            await engine.Loaded.WaitAsync(cancellationToken);
            return null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception exception)
        {
            // Already logged where it was caught first; here only its words matter.
            return exception.Message;
        }
    }

    private Task TellAsync(WorkDoneProgress value) =>
        rpc.NotifyAsync(LspMethods.Progress, new ProgressParams { Token = Token, Value = value }, LspJson.Default.ProgressParams);
}
