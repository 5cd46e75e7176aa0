using StableDiffCoder.Engine.Kernels;

namespace StableDiffCoder.Engine.Tests.Kernels;

public sealed class KernelThreadsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Run_ManyWorks_DoesEveryPieceOnce(int count)
    {
        using var threads = new KernelThreads(count);
        var work = new CountingWork();
        for (int round = 0; round < 2000; round++)
        {
            // The same object again and again, as the forward uses it, with another number of pieces.
            work.Set(1 + (round % 17));
            threads.Run(work);
            Assert.All(work.Counts, times => Assert.Equal(1, times));
        }
    }

    [Fact]
    public void Run_AfterAPause_WakesTheSleepers()
    {
        using var threads = new KernelThreads(3);
        using var barrier = new Barrier(3);
        // No piece ends before all three threads have one.
        var work = new MeetingWork(barrier);
        threads.Run(work);
        threads.Run(work);
        Assert.Equal(2, barrier.CurrentPhaseNumber);
    }

    [Fact]
    public void Run_APieceThatFails_TellsTheCallerAndGoesOn()
    {
        using var threads = new KernelThreads(2);
        Assert.Throws<InvalidOperationException>(() => threads.Run(new FailingWork()));
        var work = new CountingWork();
        work.Set(8);
        threads.Run(work);
        Assert.All(work.Counts, times => Assert.Equal(1, times));
    }

    private sealed class CountingWork : ParallelWork
    {
        public int[] Counts { get; private set; } = [];

        public void Set(int pieces)
        {
            Counts = new int[pieces];
            Pieces = pieces;
        }

        public override void Run(int piece) => Interlocked.Increment(ref Counts[piece]);
    }

    private sealed class MeetingWork : ParallelWork
    {
        private readonly Barrier barrier;

        public MeetingWork(Barrier barrier)
        {
            this.barrier = barrier;
            Pieces = 3;
        }

        public override void Run(int piece) => barrier.SignalAndWait();
    }

    private sealed class FailingWork : ParallelWork
    {
        public FailingWork() => Pieces = 4;

        public override void Run(int piece)
        {
            if (piece == 2)
            {
                throw new InvalidOperationException("piece 2");
            }
        }
    }
}
