namespace StableDiffCoder.Engine.Tests.Infilling;

/// <summary>A clock that a test moves; timers fire on the thread that moves it.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<Timer> timers = [];
    private long ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        lock (gate)
        {
            timers.Add(timer);
        }
        return timer;
    }

    public void Advance(TimeSpan time)
    {
        Interlocked.Add(ref ticks, time.Ticks);
        Timer[] due;
        lock (gate)
        {
            due = [.. timers.Where(timer => timer.Due <= GetTimestamp())];
        }
        Array.ForEach(due, timer => timer.Fire());
    }

    // One shot: what deadlines need.
    private sealed class Timer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        private long due = long.MaxValue;

        public long Due => Interlocked.Read(ref due);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Exchange(ref due, dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : time.GetTimestamp() + dueTime.Ticks);
            return true;
        }

        public void Fire()
        {
            Interlocked.Exchange(ref due, long.MaxValue);
            callback(state);
        }

        public void Dispose()
        {
            lock (time.gate)
            {
                time.timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
